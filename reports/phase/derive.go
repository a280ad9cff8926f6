package phase

// derive computes the phases that no message states, each only from known phases,
// and unsets those whose messages mean something else in this release.
func (s *settling) derive() {
	t := &s.log.Times
	s.dropLate()
	s.deriveCompilation()
	if loading, ok := t.Get(ModelLoading); ok && !t.Has(LoadWeights) {
		if init, ok := t.Get(ModelInit); ok {
			s.setDifference(LoadWeights, loading-init)
		}
	}
	s.deriveKVCacheProfiling()
	bootstrap.derive(t)
	total.derive(t)
}

// dropLate unsets the phases that are counted from the log's first lines, if those
// are missing because vLLM set up its logging after it detected the platform.
func (s *settling) dropLate() {
	t := &s.log.Times
	if s.late && !t.Has(DetectPlatform) {
		t.Unset(LLMImports)
		t.Unset(GetModelInfo)
		t.Unset(ActualTotalTime)
	}
}

// deriveCompilation adds up TorchCompile if the release states another total.
//
// Dynamo's line is also printed when a compiled function is read from disk. It then
// states the time to read and check the file, so DynamoTransform and TorchCompile
// are not known.
func (s *settling) deriveCompilation() {
	t := &s.log.Times
	if s.told[compiledRead].is {
		t.Unset(DynamoTransform)
		t.Unset(TorchCompile)
		return
	}
	another := s.told[compileTotal].is || s.told[compileWall].is
	compiled := t.Has(GraphCompileGeneral) || t.Has(GraphCompileCached)
	if another && compiled && !t.Has(TorchCompile) && t.Has(DynamoTransform) {
		compilation.derive(t)
	}
}

// deriveKVCacheProfiling subtracts the compilation from vLLM's memory profiling,
// which includes it.
//
// The phase is absent if the profiling includes time that no line states: to write
// the compiled function to disk or read it, to capture CUDA graphs on trial, or
// for compilation steps that only the total of torch.compile includes.
func (s *settling) deriveKVCacheProfiling() {
	if !s.told[profiling].is {
		return
	}
	for _, more := range []quantity{compiledRead, compiledSaved, compileWall, graphTrial} {
		if s.told[more].is {
			return
		}
	}
	if s.told[compileTotal].is && !s.log.Times.Has(TorchCompile) {
		return
	}
	compiled, _ := s.log.Times.Get(TorchCompile)
	cached, _ := s.log.Times.Get(GraphCompileCached)
	s.setDifference(KVCacheProfiling, s.told[profiling].seconds-compiled-cached)
}

func (s *settling) setDifference(phase Phase, seconds float64) {
	if seconds < 0 {
		s.warnings.add(s.name, s.log.Lines,
			"%v would be %.3f s, because its parts are longer than the whole; it is left out", phase, seconds)
		return
	}
	s.log.Times.Set(phase, seconds)
}
