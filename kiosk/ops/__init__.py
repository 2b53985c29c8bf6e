"""What keeps the appliance well: self-test, redacting log, enrolment, version."""
