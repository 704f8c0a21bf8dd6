"""What is done with customers' data. No operation commits; all take `actor=` and `now=`."""
