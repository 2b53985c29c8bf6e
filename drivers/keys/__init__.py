"""The kernel's input events: keys and switches of a device that belongs to us alone."""
