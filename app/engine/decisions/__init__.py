"""Decision models (DMN 1.1 to 1.5): read, checked, evaluated, remembered.

`reading` turns XML into a `model`, whose boxed expressions (`boxed`) evaluate themselves
with `app.feel`; `evaluation` walks the requirements of a decision; `runtime` evaluates
deployed decisions and keeps their history; `checking` is for lint. SpiffWorkflow's own
DMN is not used: it checks no hit policy and speaks Python, not FEEL.
"""
