package local

var ReadGiB = readGiB
