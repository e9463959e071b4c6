package assets

// Foreign is a file in the program that other people wrote, in no language of which Go keeps a list.
type Foreign struct{ File, Package, Version string }

// Foreigners are all there are; LICENSE-*.txt beside each file has its licence.
var Foreigners = []Foreign{{"htmx.js", "htmx.org", "2.0.11"}} // the package by its name at npm
