// Package phase reads an engine's start-up log and says how long each phase of
// the start-up took.
//
// A log is read in one pass, in five steps:
//
//  1. lines cuts the bytes into lines, of any length and with any line end; a
//     progress bar's carriage return ends a line too.
//  2. messages finds where a record's message begins: at the start of a line
//     and behind each "[file.py:12]".
//  3. messages, a table by release, says which message states which quantity
//     or marks which moment.
//  4. spans turns moments into seconds, by the time stamps of their records.
//  5. settle picks the readings that count in the log's release, and derive
//     computes the phases that no line states.
//
// A phase that the log does not state is absent from the result. A number is
// read only from a complete message, and nothing is guessed.
//
// # Releases
//
// A phase has the meaning that it has in vLLM 0.10.1.1, whatever the release, or
// it is absent. These are absent in other releases:
//
//   - TokenizerInit, up to 0.18, unless profiling prints it; from 0.19 on it is
//     the time between two debug lines.
//   - ModelInit, up to 0.31, unless profiling prints it.
//   - GetModelInfo, in 0.19, unless the number of batched tokens is set: with the
//     default, the line that ends the phase is not printed.
//   - DynamoTransform and TorchCompile, if the compiled function is read from
//     disk. With PyTorch 2.10 and newer that is every start-up of a model but the
//     first, and "Dynamo bytecode transform time" is the time to read and check
//     the file. With VLLM_USE_AOT_COMPILE=0, Dynamo does its work again.
//   - KVCacheProfiling, from 0.18 on, unless compilation and CUDA graphs are off:
//     a trial capture of graphs is part of the profiling, and no line says when
//     it begins.
//   - WorkerInit, with the second model runner, which does not log when it starts
//     to load.
//   - DetectPlatform, LLMImports, GetModelInfo and ActualTotalTime, from 0.31 on:
//     vLLM sets up its logging only during GetModelInfo, unless the program that
//     starts vLLM did so before.
//
// Every release states GraphCapturing in whole seconds; the paper's authors
// changed the line, and their logs have decimals. Spans are as exact as the time
// stamps, which in vLLM's own format are whole seconds.
//
// The phases are those of H. S. Kabakibo, A. Trivedi, L. Wang, "Breaking the
// Ice: Analyzing Cold Start Latency in vLLM", MLSys 2026.
package phase
