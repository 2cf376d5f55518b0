package org.fasthebb.models.learn;

import org.fasthebb.models.inputs.StepProgress;

/** Receives the progress of training. */
public interface Progress extends StepProgress {
  /** Ignores everything. */
  Progress SILENT =
      new Progress() {
        @Override
        public void message(String text) {}

        @Override
        public void step(String phase, int epoch, int epochs, long done, long total) {}

        @Override
        public void epoch(
            String phase, int epoch, int epochs, double loss, Criterion criterion, double value) {}
      };

  /** Called with a message to show on a line of its own. */
  void message(String text);

  /**
   * Called when files hold all work so far: if the program ends now, it can go on from here. Before
   * the first call, it would start anew.
   */
  default void saved() {}

  /**
   * Called after each epoch.
   *
   * @param loss mean over its steps; 0 for a rule that has none
   * @param criterion what validation measures
   * @param value of that criterion
   */
  void epoch(String phase, int epoch, int epochs, double loss, Criterion criterion, double value);
}
