package org.fasthebb.tools.option;

import java.nio.file.Path;
import java.util.List;
import org.fasthebb.models.inputs.Zca;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.Schedule;
import org.fasthebb.models.network.VaeLoss;
import org.fasthebb.models.protocol.OutputFolder;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.models.protocol.Settings.Rule;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the experiments behind a table have in common. */
public final class TableOptions {
  @Option(
      names = "--methods",
      paramLabel = "RULE,...",
      split = ",",
      description =
          "Rules and controls: swta, hpca, vae, none, frozen, supervised (see fasthebb run"
              + " --help)."
              + " Default: all.")
  private List<Rule> methods = List.of(Rule.values());

  @Option(
      names = "--epochs",
      paramLabel = "N|RULE=N,...",
      defaultValue = "" + Epochs.AUTHORS,
      converter = Epochs.Converter.class,
      description =
          "Epochs of pre-training, of which the best one counts; for some rules their own, as in"
              + " swta=1,hpca=12. Default: ${DEFAULT-VALUE}, the authors' number.")
  private Epochs epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = Defaults.BATCH,
      description = "Images per step. Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Mixin private OutOption out;

  private TableOptions() {}

  public void check(ToolCommand command) {
    Parameter.BATCH.check(command, batch);
    out.check(command);
  }

  public List<Rule> methods() {
    return methods;
  }

  public int batch() {
    return batch;
  }

  /** The folder for the tables of a data set; made, so that work is not done in vain. */
  public Path out(String data) throws CheckpointException {
    return OutputFolder.make(out.folder("tables-" + data)).path();
  }

  /** Where the pre-training by a rule is. */
  public static Path pretraining(Path folder, String rule, long seed) {
    return folder.resolve(rule + "-seed" + seed);
  }

  /** Where the fine-tuning for a regime, labels in percent, is. */
  public static Path fineTuning(Path pretraining, String regime) {
    return pretraining.resolve(regime + "percent");
  }

  public Settings settings(Rule rule, Percent labels, int fineTuneEpochs, long seed) {
    return new Settings(
        rule,
        false,
        Zca.EPSILON,
        VaeLoss.AUTHORS,
        labels.fraction(),
        epochs.of(rule),
        fineTuneEpochs,
        batch,
        Schedule.CODE,
        seed);
  }
}
