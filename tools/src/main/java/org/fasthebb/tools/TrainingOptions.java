package org.fasthebb.tools;

import java.nio.file.Path;
import java.util.List;
import org.fasthebb.tools.search.Parameter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What pre-training and fine-tuning have in common. */
final class TrainingOptions {
  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = Defaults.BATCH,
      description = "Images per step. Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Decides everything random. Default: "
              + Defaults.SEED
              + ", or the one of the model to fine-tune.")
  private Long seed;

  @Mixin private OutOption out;

  private TrainingOptions() {}

  void check(ToolCommand command) {
    command.require(Parameter.BATCH, batch);
    out.check(command);
  }

  int batch() {
    return batch;
  }

  /** The seed, or the default. */
  long seed() {
    return seed(Long.parseLong(Defaults.SEED));
  }

  /** The seed, or another default. */
  long seed(long instead) {
    return seed == null ? instead : seed;
  }

  /** The output folder, or a default one of this name. */
  Path out(String name) {
    return out.folder(name);
  }

  /** These options again. */
  List<String> words(long actualSeed) {
    return List.of("--batch", Integer.toString(batch), "--seed", Long.toString(actualSeed));
  }
}
