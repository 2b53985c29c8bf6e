"""The camera path: frames from a camera or file, codes read from them by two engines, votes before an answer."""
