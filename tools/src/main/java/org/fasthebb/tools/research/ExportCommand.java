package org.fasthebb.tools.research;

import java.nio.file.Path;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.onnx.OnnxGraph;
import org.fasthebb.models.use.Model;
import org.fasthebb.models.use.OnnxExport;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.ComputeOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a model as an ONNX file. */
@Command(
    name = "export",
    description = {
      "Write a model as an ONNX file (opset 17), which ONNX Runtime and other programs run.",
      "",
      "Its input is 'images' (batch, 3, side, side): red, green and blue, from 0 to 1; whatever"
          + " else the network needs is in the file. Its outputs are 'features' (batch, features),"
          + " the same as those of embed, and, if the model knows labels, 'scores' (batch, classes)"
          + " and, where classify gives them, 'probabilities'. The names of the classes and how the"
          + " model was trained are in the metadata."
    },
    footer = {
      "",
      "Example:",
      "  ./fasthebb export --model runs/mine/model.safetensors --onnx mine.onnx"
    })
public final class ExportCommand extends ToolCommand {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      required = true,
      description = "A model.safetensors or pretrained.safetensors.")
  private Path file;

  @Option(
      names = "--onnx",
      paramLabel = "FILE",
      required = true,
      description = "The file to write or replace; its name ends with .onnx.")
  private Path onnx;

  @Mixin private ComputeOptions compute;

  private ExportCommand() {}

  /** What {@code --json} prints. */
  private record Exported(
      String onnx,
      int opset,
      int side,
      int features,
      int classes,
      boolean scores,
      boolean probabilities,
      String model) {}

  @Override
  public Integer call() throws CheckpointException {
    compute.check(this);
    requireName("--onnx", onnx, ".onnx");
    requireOther("--onnx", onnx, file);
    try (Backend backend = compute.backend();
        Model model = Model.load(backend, file)) {
      OnnxExport.OnnxSummary written = OnnxExport.write(model, onnx);
      int classes = written.scores() ? model.classNames().size() : 0;
      answer(
          compute.json(),
          new Exported(
              onnx.toString(),
              OnnxGraph.OPSET,
              written.side(),
              written.features(),
              classes,
              written.scores(),
              written.probabilities(),
              file.toString()),
          Text.format(
              "%s: images (batch, 3, %d, %d) give %s%s",
              onnx,
              written.side(),
              written.side(),
              Text.count(written.features(), "feature"),
              outputs(written, classes)));
    }
    return 0;
  }

  private static String outputs(OnnxExport.OnnxSummary written, int classes) {
    return !written.scores()
        ? ""
        : Text.format(
            "%s scores%s of %s classes",
            written.probabilities() ? "," : " and",
            written.probabilities() ? " and probabilities" : "",
            Text.count(classes));
  }
}
