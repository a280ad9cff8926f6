package chart_test

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"

	"coldstart/reports/chart"
	"coldstart/reports/figure"
)

// A figure's numbers are laid out once, and drawn on any canvas of gonum: here on one
// that records what is drawn.
func ExampleNew() {
	c, err := chart.New(&figure.Data{
		Figure: "1", Kind: figure.Bars, Title: "Start-up time by release", Engine: "vllm", Session: "2026-03-01",
		Nodes: map[string]string{"": "n1"}, Complete: true, XLabel: "Release", YLabel: "Start-up (s)",
		Series: []figure.Series{{Points: []figure.Point{
			{Key: "0.9.0", Label: "0.9.0", Mean: 34.77, N: 1},
			{Key: "0.11.0", Label: "0.11.0", Mean: 13.61, N: 1},
		}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	var canvas recorder.Canvas
	width, height := c.Size()
	c.Draw(draw.NewCanvas(&canvas, width, height))
	for _, action := range canvas.Actions {
		text, ok := action.(*recorder.FillString)
		if ok && slices.Contains([]string{"0.9.0", "34.77", "0.11.0", "13.61"}, text.String) {
			fmt.Println(text.String)
		}
	}
	// Unordered output:
	// 0.9.0
	// 34.77
	// 0.11.0
	// 13.61
}
