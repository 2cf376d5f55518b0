package org.fasthebb.tools.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Text;
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
    description = "Pre-train, fine-tune and test, and write a report: the whole experiment.")
public final class RunCommand extends TrainingCommand {
  @Mixin private PretrainOptions pretrain;
  @Mixin private ReadOutOptions readOut;

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
    Method method = pretrain.method();
    Integer batch = training().batch();
    Settings settings =
        new Settings(
            pretrain.settings(batch),
            readOut.settings(method, pretrain.architecture(), batch),
            training().validation(),
            training().seed());
    String name =
        Text.format(
            "%s-%s-%spercent-seed%d",
            images.name(), method, readOut.labels().digits(), settings.seed());
    Path folder = training().out(name, unusual(settings.unusual()));
    run(backend, images, settings, folder, progress, this::experiment);
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
