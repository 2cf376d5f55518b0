package org.fasthebb.tools.option;

import java.nio.file.Path;
import java.util.List;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What pre-training and fine-tuning have in common. */
public final class TrainingOptions {
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

  public void check(ToolCommand command) {
    Parameter.BATCH.check(command, batch);
    out.check(command);
  }

  public int batch() {
    return batch;
  }

  /** The seed, or the default. */
  public long seed() {
    return seed(Long.parseLong(Defaults.SEED));
  }

  /** The seed, or another default. */
  public long seed(long instead) {
    return seed == null ? instead : seed;
  }

  /** The output folder, or a default one of this name. */
  public Path out(String name) {
    return out.folder(name);
  }

  /** These options again. */
  public List<String> words(long actualSeed) {
    return List.of("--batch", Integer.toString(batch), "--seed", Long.toString(actualSeed));
  }
}
