"""A twin of each device, on a real socket or tty, steerable from outside and able to fail in mid-job."""
