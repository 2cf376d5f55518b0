package org.fasthebb.tools.option;

import java.util.EnumMap;
import java.util.Map;
import org.fasthebb.models.protocol.Settings.Rule;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Epochs of pre-training by several rules.
 *
 * @param common for rules that are not named
 * @param own by the rules that are
 */
public record Epochs(int common, Map<Rule, Integer> own) {
  /** The authors' number. */
  static final int AUTHORS = 20;

  int of(Rule rule) {
    return own.getOrDefault(rule, common);
  }

  /** Reads "20", "swta=1,hpca=12" (20 for others) or "5,swta=1". */
  static final class Converter implements ITypeConverter<Epochs> {
    @Override
    public Epochs convert(String text) {
      int common = AUTHORS;
      Map<Rule, Integer> own = new EnumMap<>(Rule.class);
      for (String part : text.split(",", -1)) {
        String[] words = part.strip().split("=", 2);
        int epochs = number(words[words.length - 1].strip(), text);
        if (words.length == 1) {
          common = epochs;
        } else {
          own.put(rule(words[0].strip(), text), epochs);
        }
      }
      return new Epochs(common, own);
    }

    private static int number(String word, String text) {
      try {
        int epochs = Integer.parseInt(word);
        if (epochs >= 1) {
          return epochs;
        }
      } catch (NumberFormatException e) {
        // Refused below, like numbers out of range.
      }
      throw new TypeConversionException(
          "'" + text + "' names no epochs; write 20 or swta=1,hpca=12, each at least 1");
    }

    private static Rule rule(String word, String text) {
      for (Rule rule : Rule.values()) {
        if (rule.toString().equals(word) && rule.isPretrained()) {
          return rule;
        }
      }
      throw new TypeConversionException(
          "'" + text + "' has epochs of '" + word + "'; name swta, hpca or vae");
    }
  }
}
