package chart

import (
	"hash/fnv"
	"image/color"
	"math"
	"strings"
)

func hex(rgb uint32) color.RGBA {
	return color.RGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 255}
}

var (
	black    = hex(0x000000)
	white    = hex(0xFFFFFF)
	grey     = hex(0x5A5A5A)
	paleGrey = hex(0xE6E6E6)
	faint    = hex(0xE3E3E3) // grid lines
	darkRed  = hex(0x8B0000)

	plain = hex(0x4477AA) // bars that do not belong to a model
	total = hex(0x6E6E6E) // the total beside its steps
)

// modelColors give a model the same colour in all figures. The hue stands for the family;
// larger models are darker. Neighbouring families differ in lightness too, for
// colour-blind readers and for print.
var modelColors = map[string]color.RGBA{
	"qwen-0.5b":                    hex(0xA9CFEA),
	"qwen-1.8b":                    hex(0x86B9E0),
	"qwen-4b":                      hex(0x5D9FD3),
	"qwen-7b":                      hex(0x3784C1),
	"qwen-14b":                     hex(0x1C659F),
	"qwen-14.3b":                   hex(0x0E4270),
	"llama3-3b":                    hex(0xF0A3AE),
	"llama2-7b-hf":                 hex(0xD5667C),
	"llama2-13b-hf":                hex(0x952547),
	"falcon-7b":                    hex(0xBBA6DE),
	"falcon-11b":                   hex(0x6B4A9E),
	"yi-6b":                        hex(0x7BCBB1),
	"yi-9b":                        hex(0x1E8268),
	"mistral-7b":                   hex(0xEE8026),
	"gemma-7b":                     hex(0xF4CB4E),
	"gpt-oss-20b":                  hex(0x454545),
	"deepseek-r1-distill-qwen-7b":  hex(0xD2D27A),
	"deepseek-r1-distill-llama-8b": hex(0xA5A53C),
	"deepseek-v2-lite-16b":         hex(0x66661A),
	"granite4.0-h-3b":              hex(0xDDAE84),
	"granite3.3-8b-instruct":       hex(0xAC6C3E),
	"granite4.0-h-32b":             hex(0x6E3B17),
	"opt-6.7b":                     hex(0x8C8C8C),
}

// strangers are for models and steps that the paper does not have.
var strangers = []color.RGBA{
	hex(0x88CCEE), hex(0x44AA99), hex(0x117733), hex(0x999933), hex(0xDDCC77),
	hex(0xCC6677), hex(0x882255), hex(0xAA4499), hex(0x332288), hex(0xEE7733),
}

// modelColor is a model's colour. A key may have engine arguments after the model.
func modelColor(key string) color.RGBA {
	model, _, _ := strings.Cut(key, "_")
	if c, ok := modelColors[model]; ok {
		return c
	}
	return stranger(model)
}

// stranger is the same colour for the same name.
func stranger(name string) color.RGBA {
	h := fnv.New32a()
	h.Write([]byte(name))
	return strangers[h.Sum32()%uint32(len(strangers))]
}

// seriesColors are for bars in groups (Okabe and Ito's palette).
var seriesColors = []color.RGBA{
	hex(0x0072B2), hex(0xE69F00), hex(0x009E73), hex(0xCC79A7), hex(0x56B4E9), hex(0xD55E00),
}

func seriesColor(i int) color.RGBA { return seriesColors[i%len(seriesColors)] }

// stepColors are by phase, so that a step keeps its colour if a log lacks other steps.
// They come from Tol's muted and vibrant schemes, so that consecutive steps differ in
// lightness and in hue. None is grey, which is for the rest.
var stepColors = map[string]color.RGBA{
	"detect_platform":             hex(0x4477AA),
	"llm_imports":                 hex(0x88CCEE),
	"get_model_info":              hex(0xC9B94A),
	"worker_init":                 hex(0x44AA99),
	"framework_bootstrap":         hex(0x999933),
	"tokenizer_init":              hex(0xF7E3BC),
	"model_init":                  hex(0x117733),
	"load_weights":                hex(0xEE9A8B),
	"model_loading":               hex(0xCC3311),
	"dynamo_transform_time":       hex(0x882255),
	"graph_compile_general_shape": hex(0xAA4499),
	"graph_compile_cached":        hex(0x9A8FDB),
	"torch.compile":               hex(0x5E3C99),
	"kv_cache_profiling":          hex(0x332288),
	"graph_capturing":             hex(0xEE7733),
	"init_engine":                 hex(0x7F5F1A),
}

// segmentColors are by segment; each differs in lightness from its neighbours.
var segmentColors = map[string]color.RGBA{
	"process_start":   hex(0x4477AA),
	"front_end":       hex(0x88CCEE),
	"worker_setup":    hex(0x117733),
	"model_loading":   hex(0xEE9A8B),
	"profile_compile": hex(0x5E3C99),
	"capture_warmup":  hex(0xEE7733),
	"serving_setup":   hex(0x332288),
	"first_token":     hex(0xF7E3BC),
}

func stepColor(phase string) color.RGBA {
	if c, ok := stepColors[phase]; ok {
		return c
	}
	return stranger(phase)
}

// textOn is black or white, whichever has more contrast on c.
func textOn(c color.Color) color.RGBA {
	if contrast(c, white) >= contrast(c, black) {
		return white
	}
	return black
}

// contrast is the contrast ratio of the WCAG, 1 … 21.
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// luminance is the relative luminance of the WCAG, 0 … 1.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

func linear(channel uint32) float64 {
	v := float64(channel) / 0xFFFF
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}
