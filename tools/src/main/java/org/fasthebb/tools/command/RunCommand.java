package org.fasthebb.tools.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.ReadOut;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.option.Parameter;
import org.fasthebb.tools.option.PretrainOptions;
import org.fasthebb.tools.option.ReadOutOptions;
import org.fasthebb.tools.report.FilterPicture;
import org.fasthebb.tools.report.Findings;
import org.fasthebb.tools.report.Results;
import org.fasthebb.tools.report.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The whole experiment. */
@Command(
    name = "run",
    description = "Pre-train, fine-tune and test, and write a report: the whole experiment.",
    footer = {
      "",
      "Photos with few labels (--data folder, fewer than 50 labels a class): unless options"
          + " say how to learn (others than --epochs and --batch), the rule is softhebb and the"
          + " read-out ridge, which then give more than the paper's protocol.",
      "",
      "Examples:",
      "  ./fasthebb run",
      "  ./fasthebb run --data folder --data-dir photos --labels 50%% --epochs 2 --out runs/quick"
    })
public final class RunCommand extends TrainingCommand {
  @Mixin private PretrainOptions pretrain;
  @Mixin private ReadOutOptions readOut;

  /** Labels are few if classes have fewer of them in the mean. */
  private static final int FEW_LABELS = 50;

  private RunCommand() {}

  @Override
  void check() {
    pretrain.check(this, data());
    readOut.check(this, pretrain.method());
  }

  @Override
  int side() {
    return pretrain.architecture().side();
  }

  @Override
  void work(Backend backend, DataSet images, ConsoleProgress progress) throws CheckpointException {
    adviseOnFewLabels(images, progress);
    Settings settings = settings();
    String name =
        Text.format(
            "%s-%s-%spercent-seed%d",
            images.name(), pretrain.method(), readOut.labels().digits(), settings.seed());
    Path folder = training().out(name, unusual(settings.unusual()));
    run(backend, images, settings, folder, progress, this::experiment);
  }

  private Settings settings() {
    Integer batch = training().batch();
    return new Settings(
        pretrain.settings(batch),
        readOut.settings(pretrain.method(), pretrain.architecture(), batch),
        training().validation(),
        training().seed());
  }

  /** Takes what suits photos with few labels, unless the user has chosen, and says so. */
  private void adviseOnFewLabels(DataSet images, ConsoleProgress progress) {
    ImageSource train = images.train();
    int labels = settings().split(train.size()).labelled().length;
    boolean few = data().isFolder() && labels < FEW_LABELS * train.classes();
    if (!few || !Architecture.softHebb().fits(train.height()) || isGiven("--read-out")) {
      return;
    }
    String why =
        "%s labels of %s classes are few (under %s a class)"
            .formatted(labels, train.classes(), FEW_LABELS);
    if (hasChosen()) {
      progress.message("note: " + why + "; --rule softhebb --read-out ridge may give more");
      return;
    }
    pretrain.use(Method.named("softhebb").orElseThrow());
    readOut.use(ReadOut.RIDGE);
    progress.message(
        "read-out: ridge regression on features of the rule softhebb, because "
            + why
            + "; --rule hpca --read-out finetune follows the paper");
  }

  /** Whether the command line says how to learn, but for how long and in what steps. */
  private boolean hasChosen() {
    return isGiven("--rule")
        || isGiven("--architecture")
        || Arrays.stream(Parameter.values())
            .filter(parameter -> parameter != Parameter.EPOCHS && parameter != Parameter.BATCH)
            .anyMatch(parameter -> isGiven("--" + parameter));
  }

  private void experiment(Session session) throws CheckpointException {
    session.experiment().requireReadOut();
    Experiment.Phase first = session.experiment().pretrain();
    Method method = pretrain.method();
    // Drawn now, because fine-tuning changes these weights.
    FilterPicture before = before(session, first.model());
    Experiment.Phase second = session.experiment().readOut(first.model());
    FilterPicture after = FilterPicture.of(second.model().network(), "after learning the labels");
    Tested test = test(session, second);
    History history = first.history();
    finish(
        new Findings(
            session,
            Results.of(session, history, second.history(), test.accuracy()),
            history,
            second.history(),
            test.predictions(),
            second.model().network(),
            List.of(before, after),
            command(null),
            List.of(
                REPORT, RESULTS, PREDICTIONS, CONFUSION, Experiment.PRETRAINED, Experiment.MODEL),
            new Findings.Next(
                isPretrained(session)
                    ? "the same without pre-training"
                    : "the same with pre-training",
                command(
                    isPretrained(session) || !method.isPretrained()
                        ? method.counterpart()
                        : method))),
        RESULTS,
        REPORT);
  }

  private String command(Method other) {
    List<String> more = new ArrayList<>(pretrain.words(other));
    Method shown = other == null ? pretrain.method() : other;
    more.addAll(readOut.words(pretrain.method(), pretrain.architecture(), shown));
    return command("run", training().seed(), more);
  }
}
