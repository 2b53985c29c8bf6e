"""What stands around the glass: its backlight, lamps and a beeper, the sensor of presence."""
