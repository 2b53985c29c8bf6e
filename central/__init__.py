"""The reference central service: enrolment, requests and their life, status pages and the desk."""
