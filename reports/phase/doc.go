// Package phase reads an engine's start-up log and says how long each phase and
// segment of the start-up took.
//
// A log is read in one pass:
//
//  1. lines cuts the bytes into lines, of any length and with any line end; a
//     progress bar's carriage return ends a line too.
//  2. listen skips what loggers and process managers put before a line, and
//     object unpacks a line of JSON. Both find dates, levels and processes.
//     opening recognises most lines of vLLM's own logger without them.
//  3. messages finds where a record's message begins, and the table messages
//     says, by release, which quantity it states or which moment it marks. The
//     table has vLLM's messages, and those of engines that Register added.
//  4. attempt keeps the readings and moments of one start-up, by process, and
//     causes the exception that ended it. begins tells where another start-up
//     begins; the last one counts. servers reads the lines of each prefix again, for
//     a log of several servers.
//
// At the end of the log
//
//  5. clock decides by which stamps times are read: vLLM's own, or the dates of
//     the prefixes where those have a fraction of a second and vLLM's have not.
//  6. settle picks the readings that count in the log's release, of the slowest
//     process of several, and derive computes the phases that no line states.
//  7. cut cuts the time to ready into segments with their known parts.
//
// A phase or part that the log does not state is absent from the result. A
// number is read only from a complete message, and nothing is guessed.
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
