"""What a person may do on a day: dated rules as data, small pure checks, and facts as plain fields."""
