/** Settings of PostgreSQL, by config: parameters of postgresql.conf, given to the server on its command line. */
import { type Settings, settingsSchema } from './settings-schema.ts';

/** A parameter, or one of an extension (`auto_explain.log_min_duration`). */
const NAME = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$/;

/** Where the server is and who may come in is decided by the bench. */
const OF_THE_BENCH =
  /^(listen_addresses|port|unix_socket_.*|data_directory|config_file|hba_file|ident_file|external_pid_file|ssl|ssl_.*|password_encryption)$/;

/** `postgresSettings`. Whether a parameter exists and which values it takes, the server says when it starts. */
export const postgresSettingsSchema = settingsSchema(
  'of parameters, such as {"shared_buffers": "512MB"}',
  (name) => {
    if (!NAME.test(name))
      return 'is no parameter of postgresql.conf: they have lower-case letters, digits, "_"';
    if (OF_THE_BENCH.test(name)) return 'is set by the bench itself';
    return undefined;
  },
);

/** Arguments of the server. */
export const postgresArguments = (settings: Settings): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
