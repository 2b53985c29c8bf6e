"""Kivy only: draws Views and reports touches; knows kiosk.view.models and kiosk.wire and nothing else of ours."""
