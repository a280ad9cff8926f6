set -eu
case $CELLS in
*[!a-z,]*)
	echo "::error title=cells::not a list of cells: $CELLS"
	exit 1
	;;
esac
mkdir -p "$OUT"
case $COMMAND in
plan)
	include=
	for cell in ${CELLS//,/ }; do
		include=$include${include:+,}'{"cell":"'$cell'","runs_on":"[\"self-hosted\",\"n1\"]","timeout":7}'
	done
	echo "matrix={\"include\":[$include]}" >>"$GITHUB_OUTPUT"
	echo "$CELLS" >"$OUT/plan"
	echo "::add-mask::hunter2"
	echo "hunter2 is masked"
	;;
measure)
	[ "$CELLS" != "$FAIL" ] || { echo "partial $CELLS" >"$OUT/cell"; echo "::error title=$CELLS::as asked"; exit 1; }
	echo "$CELLS attempt $GITHUB_RUN_ATTEMPT" >"$OUT/cell"
	mkdir "$OUT/many"
	for i in {1..300}; do echo "$i" >"$OUT/many/$i"; done
	echo "### $CELLS" >>"$GITHUB_STEP_SUMMARY"
	;;
esac
