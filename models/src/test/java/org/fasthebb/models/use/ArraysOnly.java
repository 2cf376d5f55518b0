package org.fasthebb.models.use;

import java.io.IOException;
import java.nio.file.Path;

/** A program that classifies an array of pixels; it runs without the module java.desktop. */
final class ArraysOnly {
  private ArraysOnly() {}

  /** Prints the class of a grey image, by the model in the file that is named. */
  public static void main(String[] args) throws IOException {
    try (Model model = Model.load(Path.of(args[0]))) {
      float[] image = new float[model.side() * model.side() * 3];
      System.out.println(model.classify(image).name() + " " + model.features(image).length);
    }
  }
}
