"""The demo office: a private Asterisk, phones, and everything that starts and ends them."""
