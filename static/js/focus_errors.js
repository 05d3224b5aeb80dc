// Moves focus to the error summary after a refused form, so that it is read first.
document.querySelector(".error-summary")?.focus();
