"""The loop: inbox -> step -> effects, the workers that carry effects out, the clock, the journal and the outbox."""
