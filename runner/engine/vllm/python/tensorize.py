"""Have vLLM write a model's weights with its own tensorizer.

    python tensorize.py MODEL DIRECTORY

Started by coldstart in the Python environment that will load the weights. vLLM loads the
model as for serving, on the machine's GPU, and writes DIRECTORY/model.tensors.
"""
import os
import sys


def main(model, directory):
    # The engine must run in this process, for the change below.
    os.environ["VLLM_ENABLE_V1_MULTIPROCESSING"] = "0"
    import tensorizer as _  # fail now: vLLM imports it only after loading the model
    import torch
    from vllm import EngineArgs
    from vllm.model_executor.model_loader import tensorizer

    # Afterwards vLLM would fetch the model's other files from the hub, and fail if the
    # model is a directory. coldstart has copied them.
    tensorizer.serialize_extra_artifacts = lambda *arguments: None
    # Nothing is generated: CUDA graphs and room for long requests would only take time.
    # Without a GPU vLLM may lack the kernels to run without compiling.
    engine = EngineArgs(model=model, enforce_eager=torch.cuda.is_available(), max_model_len=512, max_num_seqs=8)
    target = tensorizer.TensorizerConfig(tensorizer_uri=os.path.join(directory, "model.tensors"))
    tensorizer.tensorize_vllm_model(engine, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
