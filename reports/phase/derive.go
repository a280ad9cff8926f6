package phase

// derive works out the phases that no message states, each only from phases
// that are known, and takes back what turned out to be something else.
func (p *parser) derive() {
	t := &p.log.Times
	p.dropLate()
	p.deriveCompilation()
	if loading, ok := t.Get(ModelLoading); ok && !t.Has(LoadWeights) {
		if init, ok := t.Get(ModelInit); ok {
			p.setDifference(LoadWeights, loading-init)
		}
	}
	p.deriveKVCacheProfiling()
	bootstrap.derive(t)
	total.derive(t)
}

// dropLate takes back what is counted from the log's beginning where the log
// begins too late, with a front end that has detected its platform already.
func (p *parser) dropLate() {
	t := &p.log.Times
	if p.late && !t.Has(DetectPlatform) {
		t.Unset(LLMImports)
		t.Unset(GetModelInfo)
		t.Unset(ActualTotalTime)
	}
}

// deriveCompilation makes TorchCompile of its parts where a release states
// another total.
//
// A release that can read a compiled function from disk prints Dynamo's line
// then, too. Nothing is transformed in that time: the file is read and checked,
// so there is no DynamoTransform to know, and no TorchCompile.
func (p *parser) deriveCompilation() {
	t := &p.log.Times
	if p.told[compiledRead].is {
		t.Unset(DynamoTransform)
		t.Unset(TorchCompile)
		return
	}
	another := p.told[compileTotal].is || p.told[compileWall].is
	if another && !t.Has(TorchCompile) && t.Has(DynamoTransform) && (t.Has(GraphCompileGeneral) || t.Has(GraphCompileCached)) {
		compilation.derive(t)
	}
}

// deriveKVCacheProfiling takes compilation off vLLM's memory profiling, which
// it happens in.
//
// It is absent where more happens in there that no line lets one take off: the
// compiled function is written to disk or read from it, CUDA graphs are captured
// on trial, or compilation has steps of its own that only its total includes.
func (p *parser) deriveKVCacheProfiling() {
	if !p.told[profiling].is {
		return
	}
	for _, more := range []quantity{compiledRead, compiledSaved, compileWall, graphTrial} {
		if p.told[more].is {
			return
		}
	}
	if p.told[compileTotal].is && !p.log.Times.Has(TorchCompile) {
		return
	}
	compiled, _ := p.log.Times.Get(TorchCompile)
	cached, _ := p.log.Times.Get(GraphCompileCached)
	p.setDifference(KVCacheProfiling, p.told[profiling].seconds-compiled-cached)
}

func (p *parser) setDifference(phase Phase, seconds float64) {
	if seconds < 0 {
		p.warn(p.log.Lines, "%v comes out as %.3f s and is left out: its parts are longer than the whole", phase, seconds)
		return
	}
	p.log.Times.Set(phase, seconds)
}
