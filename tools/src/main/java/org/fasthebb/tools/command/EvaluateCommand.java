package org.fasthebb.tools.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.models.protocol.ModelFile;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.ComputeOptions;
import org.fasthebb.tools.option.DataOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tests a model; writes nothing. */
@Command(name = "evaluate", description = "Test a model on the test images of a data set.")
public final class EvaluateCommand extends ToolCommand {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      required = true,
      description = "A model.safetensors or pretrained.safetensors.")
  private Path file;

  @Mixin private DataOptions data;
  @Mixin private ComputeOptions compute;

  private EvaluateCommand() {}

  /** The results that {@code --json} prints. */
  private record Evaluation(
      double testAccuracy,
      Double testTop5,
      String data,
      int testImages,
      int classes,
      String rule,
      String model) {}

  @Override
  public Integer call() throws CheckpointException {
    data.check(this);
    compute.check(this);
    try (Backend backend = compute.backend()) {
      ModelFile model = ModelFile.read(backend, file);
      try (DataSet images = data.load(model.network().side())) {
        evaluate(model, images);
      }
    }
    return 0;
  }

  private void evaluate(ModelFile model, DataSet images) throws CheckpointException {
    model.requireClasses(images);
    int size = images.test().size();
    Accuracy accuracy = model.accuracy(Examples.all(images.test()));
    int classes = images.test().classes();
    boolean five = Accuracy.top(classes) == 5;
    String rule = model.settings().method().name();
    answer(
        compute.json(),
        new Evaluation(
            accuracy.top1(),
            five ? accuracy.top5() : null,
            images.name(),
            size,
            classes,
            rule,
            file.toString()),
        line("Test accuracy ", accuracy.top1(), size, 1.0 / classes)
            + (five ? "\n" + line("Top-5 accuracy", accuracy.top5(), size, 5.0 / classes) : ""));
  }

  private static String line(String name, double accuracy, int images, double chance) {
    return Text.format(
        "%s %s of %s (guessing would give %s)",
        name, Text.percent(accuracy), Text.count(images, "image"), Text.percent(chance));
  }

  /** The command line that tests a model. */
  static String command(Path model, DataOptions data) {
    List<String> words = new ArrayList<>(List.of("./fasthebb", "evaluate"));
    words.addAll(List.of("--model", model.toString()));
    words.addAll(data.words());
    return Text.command(words);
  }
}
