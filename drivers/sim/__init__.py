"""A twin of each device: the same bytes on the same kind of line, steerable from outside, able to fail mid-job."""
