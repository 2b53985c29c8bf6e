"""The hub's pages: console, board, supervisor, a ticket's status; plain HTML, style sheets and scripts of our own."""
