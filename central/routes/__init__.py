"""The addresses of the central service, a module a subject: each turns HTTP into one call and back."""
