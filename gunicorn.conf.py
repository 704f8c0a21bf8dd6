"""How the web server runs: threads for pages and live connections, workers for cores."""

import os

bind = os.environ.get("LIGHTLINE_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("LIGHTLINE_WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("LIGHTLINE_WEB_THREADS", "32"))
timeout = 60
graceful_timeout = 5
max_requests = 20000
max_requests_jitter = 2000
accesslog = None
errorlog = "-"
loglevel = "warning"
