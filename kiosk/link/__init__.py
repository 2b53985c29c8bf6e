"""The two HTTP clients, branch and central, with their wire models, signing and sealing."""
