package org.fasthebb.tools.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.OutputFolder;
import org.fasthebb.models.protocol.PaperData;
import org.fasthebb.models.protocol.PretrainSettings;
import org.fasthebb.models.protocol.ReadOut;
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
      description =
          "Rules and controls, as for --rule of fasthebb run. Default: all whose networks are for"
              + " images of the same size.")
  private List<Method> methods;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      description =
          "Network, as for fasthebb run. Default: imagenet for --data imagenet and for packs of it"
              + " if their images are 210x210 or --side is given, small for other data; the rule"
              + " softhebb always has its own.")
  private String architecture;

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
      description =
          "Images per step. Default: 64; 32 in the network imagenet; 10 for pre-training by"
              + " softhebb.")
  private Integer batch;

  @Mixin private OutOption out;

  /** The network of methods that have none of their own. */
  private Architecture network;

  private TableOptions() {}

  /**
   * Refuses values that are out of range or do not fit each other or the data.
   *
   * @param usual names of the default methods, if their networks take the data; empty for all
   */
  public void check(ToolCommand command, DataOptions data, List<String> usual) {
    command.require(
        architecture == null || Architecture.named(architecture).isPresent(),
        "--architecture is '" + architecture + "'; use one of " + Architecture.names());
    network =
        architecture == null ? data.architecture() : Architecture.named(architecture).orElseThrow();
    if (methods == null) {
      chooseMethods(command, usual);
    }
    Parameter.BATCH.check(command, batch);
    command.require(!methods.isEmpty(), "--methods names none; leave it out for all");
    command.require(
        methods.stream().map(method -> network(method).side()).distinct().count() == 1,
        "--methods have networks for images of different sizes; make a table for each size");
  }

  /** Takes all methods whose networks take the same images, and names those that are left out. */
  private void chooseMethods(ToolCommand command, List<String> usual) {
    List<Method> wanted =
        usual.isEmpty()
            ? Method.all()
            : usual.stream().map(name -> Method.named(name).orElseThrow()).toList();
    methods = wanted.stream().filter(method -> network(method).side() == network.side()).toList();
    for (Method method : wanted) {
      if (!methods.contains(method)) {
        command
            .err()
            .println(
                "note: %s is left out, because its network is for images of %s pixels, not %s."
                    .formatted(method, network(method).side(), network.side()));
        command.err().flush();
      }
    }
  }

  private Architecture network(Method method) {
    return method.architecture(network);
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
    if (architecture != null) {
      words.add("architecture=" + architecture);
    }
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
  public static Path fineTuning(Path pretraining, String regime, int labelSet) {
    return pretraining.resolve(regime + "percent" + (labelSet == 0 ? "" : "-labels" + labelSet));
  }

  /** Height and width that images are resized to; the same for all methods. */
  public int side() {
    return network(methods.getFirst()).side();
  }

  /** The settings of pre-training by a method. */
  private PretrainSettings pretraining(Method method) {
    PretrainSettings usual = PretrainSettings.of(method, network(method));
    return usual.during(epochs.of(method), batch == null ? usual.batch() : batch);
  }

  /**
   * The settings of a cell: those of the paper for its data sets.
   *
   * @param data name of the data set
   * @param kind what learns the labels
   * @param selfTraining the most rounds of self-training of ridge regression
   * @param fineTuneEpochs epochs of learning the labels; null for the default
   */
  public Settings settings(
      String data,
      Method method,
      Percent labels,
      ReadOut kind,
      int selfTraining,
      Integer fineTuneEpochs,
      long seed) {
    ReadOutSettings usual =
        ReadOutSettings.of(kind, labels.fraction(), network(method)).selfTraining(selfTraining);
    Optional<PaperData> paper = PaperData.named(data);
    ReadOutSettings readOut =
        usual
            .decaying(paper.map(PaperData::decay).orElse(usual.decay()))
            .during(
                fineTuneEpochs == null ? usual.epochs() : fineTuneEpochs,
                batch == null ? usual.batch() : batch);
    return new Settings(
        pretraining(method),
        readOut,
        paper.map(PaperData::share).orElse(Settings.VALIDATION),
        paper.map(PaperData::images).orElse(0),
        seed);
  }
}
