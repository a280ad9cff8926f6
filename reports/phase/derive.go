package phase

// derive works out the phases that no message states, each only from phases
// that are known.
func (p *parser) derive() {
	t := &p.log.Times
	if loading, ok := t.Get(ModelLoading); ok && !t.Has(LoadWeights) {
		if init, ok := t.Get(ModelInit); ok {
			p.setDifference(LoadWeights, loading-init)
		}
	}
	p.deriveKVCacheProfiling()
	deriveSum(t, FrameworkBootstrap, bootstrap...)
	deriveSum(t, TotalTime, FrameworkBootstrap, ModelLoading, InitEngine, TokenizerInit)
}

// deriveKVCacheProfiling takes compilation off vLLM's memory profiling, which
// it happens in.
//
// A release that states torch.compile as one total also captures trial CUDA
// graphs in there, which nothing in the log lets one take off: for such a
// release the phase is absent.
func (p *parser) deriveKVCacheProfiling() {
	if !p.hasMemoryProfiling || p.hasCompileTotal {
		return
	}
	compiled, _ := p.log.Times.Get(TorchCompile)
	cached, _ := p.log.Times.Get(GraphCompileCached)
	p.setDifference(KVCacheProfiling, p.memoryProfiling-compiled-cached)
}

func (p *parser) setDifference(phase Phase, seconds float64) {
	if seconds < 0 {
		p.warn(p.log.Lines, "%v comes out as %.3f s and is left out: its parts are longer than the whole", phase, seconds)
		return
	}
	p.log.Times.Set(phase, seconds)
}

func deriveSum(t *Times, whole Phase, parts ...Phase) {
	if seconds, all := t.Sum(parts...); all {
		t.Set(whole, seconds)
	}
}
