"""Barcode scanners on a serial line: bytes in, one Scan a message out."""
