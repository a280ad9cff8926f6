// Package phase reads an engine's start-up log and tells how long each phase of
// the start-up took.
//
// It is the third room on the way of a measurement:
//
//	engine prints → measure keeps → phase reads → result holds → stat averages → figure has the numbers → chart lays out → pdf draws
//
// A log is read in one pass, in five steps:
//
//  1. lines cuts the bytes into lines, of any length and with any line end; a
//     progress bar's carriage return ends a line too.
//  2. messages finds where a record's message begins: at the start of a line
//     and behind each "[file.py:12]".
//  3. messages, a table by release, says which message carries which quantity
//     or marks which moment.
//  4. spans turns moments into seconds, by the stamps of their records.
//  5. settle takes the readings that count in the log's release, and derive
//     works out the phases that no line states.
//
// What a log does not say is absent from the result: a number is read only
// from a message that is there whole, and nothing is guessed.
//
// # Releases
//
// A phase means the same in every release of vLLM, which is what it means in
// 0.10.1.1, or it is absent. Of those since, these lack:
//
//   - TokenizerInit, up to 0.18, unless profiling prints it; from 0.19 on it is
//     the time between two debug lines.
//   - ModelInit, up to 0.31, unless profiling prints it.
//   - GetModelInfo, in 0.19, where the line that ends it is swallowed as long as
//     the number of batched tokens is the default.
//   - DynamoTransform and TorchCompile, where the compiled function is read from
//     disk, as it is in all but the first start-up of a model with PyTorch 2.10
//     and newer: "Dynamo bytecode transform time" is how long reading and checking
//     that file takes. VLLM_USE_AOT_COMPILE=0 has Dynamo do its work again.
//   - KVCacheProfiling, from 0.18 on, unless compilation and CUDA graphs are off:
//     graphs are captured on trial within the profiling, which begins with no
//     line of its own.
//   - WorkerInit, where the second model runner is used: it does not log when it
//     starts to load.
//   - DetectPlatform, LLMImports, GetModelInfo and ActualTotalTime, from 0.31 on,
//     which sets up its logging only in the midst of the third, unless whoever
//     starts vLLM does so before.
//
// GraphCapturing is stated in whole seconds by every release; a log of the
// paper's authors, who changed the line, has more. Spans are as exact as the
// stamps, which in vLLM's own format are whole seconds.
//
// The phases are those of H. S. Kabakibo, A. Trivedi, L. Wang, "Breaking the
// Ice: Analyzing Cold Start Latency in vLLM", MLSys 2026.
package phase
