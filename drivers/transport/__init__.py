"""The lines to devices - TCP, serial, USB line printer: the only place that sees errors of the operating system."""
