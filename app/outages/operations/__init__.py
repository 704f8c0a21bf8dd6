"""What is done with outages. No operation commits; all take `actor=` and `now=`."""
