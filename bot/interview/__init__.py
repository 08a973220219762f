"""Who asks what, when: the conversation as a state machine. Pure."""
