"""ESC/POS printers: papers as bytes, status as health, and prints that are known to have come out."""
