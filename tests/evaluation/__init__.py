"""How good the feedback is, measured on labelled answers. No part of the running bot."""
