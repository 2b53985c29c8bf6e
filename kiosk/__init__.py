"""What the appliance does: the citizen's journeys, the engine that runs them and the links to branch and centre."""

__version__ = "0.1.0"
