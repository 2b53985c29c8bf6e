"""The city's register behind one small class: who somebody is, her licence and vehicles, and what is known of them."""
