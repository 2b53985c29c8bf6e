"""One composition root a process and one module a command; only __main__ and story tests import from here."""
