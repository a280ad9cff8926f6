package hardware

// Start is for the tests that look from outside.
var Start = start
