"""The measure of all things: a bare Flask page under the same gunicorn."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
@app.get("/healthz")
def page() -> str:
    """The least a page can be."""
    return "<!doctype html><title>Hei</title><h1>Hei</h1>"
