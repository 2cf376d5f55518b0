package org.fasthebb.tools.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.OutputFolder;
import org.fasthebb.models.protocol.PretrainSettings;
import org.fasthebb.models.protocol.ReadOutSettings;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that the experiments behind a table have in common. */
public final class TableOptions {
  @Option(
      names = "--methods",
      paramLabel = "RULE",
      split = ",",
      converter = MethodConverter.class,
      completionCandidates = MethodConverter.MethodNames.class,
      description = "Rules and controls, as for --rule of fasthebb run. Default: all.")
  private List<Method> methods = Method.all();

  @Option(
      names = "--epochs",
      paramLabel = "N|RULE=N,...",
      defaultValue = "" + Epochs.AUTHORS,
      converter = Epochs.EpochsConverter.class,
      description =
          "Epochs of pre-training, of which the best one counts: one number for all rules, or one"
              + " for some, as in swta=1,hpca=12. Default: ${DEFAULT-VALUE}, the authors' number.")
  private Epochs epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images per step. Default: 64; 10 for pre-training by softhebb.")
  private Integer batch;

  @Mixin private OutOption out;

  private TableOptions() {}

  public void check(ToolCommand command) {
    Parameter.BATCH.check(command, batch);
    command.require(!methods.isEmpty(), "--methods names none; leave it out for all");
    command.require(
        methods.stream()
                .map(method -> PretrainSettings.of(method).architecture().side())
                .distinct()
                .count()
            == 1,
        "--methods have networks for images of different sizes; make a table for each size");
  }

  public List<Method> methods() {
    return methods;
  }

  /**
   * The folder for the tables of a data set; created now, so that it cannot fail after the work.
   *
   * @param unusual words for the command's other options that are not the defaults
   */
  public Path out(String data, List<String> unusual) throws CheckpointException {
    List<String> words = new ArrayList<>(unusual);
    words.addAll(epochs.unusual());
    if (batch != null) {
      words.add("batch=" + batch);
    }
    return OutputFolder.make(out.folder("tables-" + data, words)).path();
  }

  /** The folder of the pre-training by a rule. */
  public static Path pretraining(Path folder, String rule, long seed) {
    return folder.resolve(rule + "-seed" + seed);
  }

  /** The folder of the fine-tuning for a regime, which is the labels in percent. */
  public static Path fineTuning(Path pretraining, String regime) {
    return pretraining.resolve(regime + "percent");
  }

  /** Height and width that images are resized to; the same for all methods. */
  public int side() {
    return PretrainSettings.of(methods.getFirst()).architecture().side();
  }

  /** The settings of pre-training by a method. */
  public PretrainSettings pretraining(Method method) {
    PretrainSettings usual = PretrainSettings.of(method);
    return usual.during(epochs.of(method), batch == null ? usual.batch() : batch);
  }

  /**
   * The settings of a cell.
   *
   * @param fineTuneEpochs epochs of learning the labels; null for the default
   */
  public Settings settings(Method method, Percent labels, Integer fineTuneEpochs, long seed) {
    PretrainSettings pretraining = pretraining(method);
    ReadOutSettings usual =
        ReadOutSettings.of(method.readOut(), labels.fraction(), pretraining.architecture());
    ReadOutSettings readOut =
        usual.during(
            fineTuneEpochs == null ? usual.epochs() : fineTuneEpochs,
            batch == null ? usual.batch() : batch);
    return new Settings(pretraining, readOut, seed);
  }
}
