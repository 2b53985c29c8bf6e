"""The hardware: printer, scanner, camera and their twins in drivers/sim; of ours it imports only kiosk.domain."""
