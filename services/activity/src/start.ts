import { writeServiceStart } from '@activity-feed/backend';
import { activityModule } from './app.module';
import { readConfiguration } from './configuration';
import { migrations } from './database/migrations';

export const start = writeServiceStart({ readConfiguration, migrations, module: activityModule });
