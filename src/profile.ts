/** The application: the profile service of this repository, for development. `npm start` runs it. */
import { fileURLToPath } from 'node:url';
import { serve, stopOnSignal } from './cli/serve.js';

const folder = fileURLToPath(new URL('..', import.meta.url));
const user = { id: '00aa0000-0000-4000-8000-000000000001', name: 'Amelia Ashworth', scopes: ['User.ReadWrite'] };
const type = '#Microsoft.Fast.PI.ViewGenerator.V2.Profile.Models.profile';

const serving = await serve(folder, { auth: 'development' });
stopOnSignal(serving);
const token = (await serving.identity?.token(user)) ?? '';
console.log(`The profile service is at ${serving.url}

Try it (the token is good for a day):

curl -i -X PATCH '${serving.url}user/${user.id}/profile' \\
  -H 'Authorization: Bearer ${token}' \\
  -H 'Content-Type: application/json' \\
  -d '{ "@odata.type": "${type}" }'
`);
