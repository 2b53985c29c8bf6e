"""The voice: sentences in, sound out on loudspeaker or headset."""
